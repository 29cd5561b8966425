/** Short names for what is asked for most, in dots; each stands for a path of elements. Small, since it also goes into every sandbox. */
export const aliases: Readonly<Record<string, string>> = {
  "message.id": "/Message/Header/MessageID",
  "message.relatesTo": "/Message/Header/RelatesToMessageID",
  "message.to": "/Message/Header/To",
  "message.from": "/Message/Header/From",
  "message.sent": "/Message/Header/SentTime",
  "order.prescriber": "/Message/Header/PrescriberOrderNumber",
  "order.pharmacy": "/Message/Header/RxReferenceNumber",
  "patient.name.last": "Patient/HumanPatient/Name/LastName",
  "patient.name.first": "Patient/HumanPatient/Name/FirstName",
  "patient.name.middle": "Patient/HumanPatient/Name/MiddleName",
  "patient.birthDate": "Patient/HumanPatient/DateOfBirth/Date",
  "patient.gender": "Patient/HumanPatient/Gender",
  "patient.mrn": "Patient/HumanPatient/Identification/MedicalRecordIdentificationNumberEHR",
  "patient.address.line": "Patient/HumanPatient/Address/AddressLine1",
  "patient.address.city": "Patient/HumanPatient/Address/City",
  "patient.address.state": "Patient/HumanPatient/Address/StateProvince",
  "patient.address.zip": "Patient/HumanPatient/Address/PostalCode",
  "patient.phone": "Patient/HumanPatient/CommunicationNumbers/PrimaryTelephone/Number",
  "prescriber.npi": "Prescriber/NonVeterinarian/Identification/NPI",
  "prescriber.dea": "Prescriber/NonVeterinarian/Identification/DEANumber",
  "prescriber.name.last": "Prescriber/NonVeterinarian/Name/LastName",
  "prescriber.name.first": "Prescriber/NonVeterinarian/Name/FirstName",
  "pharmacy.ncpdp": "Pharmacy/Identification/NCPDPID",
  "pharmacy.npi": "Pharmacy/Identification/NPI",
  "pharmacy.name": "Pharmacy/BusinessName",
  "drug.description": "MedicationPrescribed/DrugDescription",
  "drug.code": "MedicationPrescribed/DrugCoded/ProductCode/Code",
  "drug.dbCode": "MedicationPrescribed/DrugCoded/DrugDBCode/Code",
  "drug.schedule": "MedicationPrescribed/DrugCoded/DEASchedule/Code",
  "drug.quantity": "MedicationPrescribed/Quantity/Value",
  "drug.days": "MedicationPrescribed/DaysSupply",
  "drug.refills": "MedicationPrescribed/NumberOfRefills",
  "drug.written": "MedicationPrescribed/WrittenDate/Date",
  "drug.sig": "MedicationPrescribed/Sig/SigText",
};

/** The path of elements that a short name stands for; any other path as it is. */
export function resolvedPath(path: string): string {
  return typeof path === "string" && Object.hasOwn(aliases, path) ? (aliases[path] ?? path) : path;
}
