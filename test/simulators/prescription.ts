const place = "<Address><AddressLine1>1 EXAMPLE STREET</AddressLine1><City>Springfield</City><StateProvince>MA</StateProvince><PostalCode>01101</PostalCode></Address>";
const person = (last: string, first: string) => `<Name><LastName>${last}</LastName><FirstName>${first}</FirstName></Name>`;

export interface Rx {
  readonly id: string;
  readonly order?: string;
  /** NDC; `00999000102` is known by the example not to be controlled. */
  readonly drug?: string;
  /** NCI code of the schedule; empty: none is stated. */
  readonly schedule?: string;
  readonly signed?: boolean;
  readonly type?: "NewRx" | "CancelRx";
}

/** A prescription as an application would write it: by hand, so that nothing of the engine has a part in it. */
export function prescription({ id, order = `O-${id}`, drug = "00999000103", schedule = "C48677", signed = true, type = "NewRx" }: Rx): string {
  const coded = `<DrugCoded><ProductCode><Code>${drug}</Code><Qualifier>ND</Qualifier></ProductCode>${schedule === "" ? "" : `<DEASchedule><Code>${schedule}</Code></DEASchedule>`}</DrugCoded>`;
  const patient = `<Patient><HumanPatient>${person("TESTPATIENT", "ALMA")}<Gender>F</Gender><DateOfBirth><Date>1964-02-29</Date></DateOfBirth>${place}</HumanPatient></Patient>`;
  const pharmacy = "<Pharmacy><Identification><NCPDPID>0999999</NCPDPID></Identification><BusinessName>Example Pharmacy</BusinessName></Pharmacy>";
  const prescriber = `<Prescriber><NonVeterinarian><Identification><DEANumber>AB1234563</DEANumber><NPI>1999999984</NPI></Identification>${person("Sample", "Uma")}${place}</NonVeterinarian></Prescriber>`;
  const medication = `<MedicationPrescribed><DrugDescription>Example 5 MG Tablet</DrugDescription>${coded}<Quantity><Value>30</Value><CodeListQualifier>38</CodeListQualifier><QuantityUnitOfMeasure><Code>C48542</Code></QuantityUnitOfMeasure></Quantity><WrittenDate><Date>2026-03-04</Date></WrittenDate><Substitutions>0</Substitutions><NumberOfRefills>0</NumberOfRefills><Sig><SigText>1 at night</SigText></Sig></MedicationPrescribed>`;
  const signature = signed ? '<DigitalSignature Version="1.1"><DigitalSignatureIndicator>true</DigitalSignatureIndicator></DigitalSignature>' : "";
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Message xmlns="http://www.ncpdp.org/schema/SCRIPT" DatatypesVersion="20170715" TransportVersion="20170715" TransactionDomain="SCRIPT" TransactionVersion="20170715" StructuresVersion="20170715" ECLVersion="20170715">\n  <Header><To Qualifier="P">0999999</To><From Qualifier="D">7777777777001</From><MessageID>${id}</MessageID><SentTime>2026-03-04T15:00:00Z</SentTime><PrescriberOrderNumber>${order}</PrescriberOrderNumber>${signature}</Header>\n  <Body><${type}>${patient}${pharmacy}${prescriber}${medication}</${type}></Body>\n</Message>\n`;
}
