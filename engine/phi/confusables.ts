/**
 * Letters of other alphabets that the eye takes for Latin ones: the letters alone of the skeletons of Unicode UTS 39, chosen by us. A name in its own alphabet
 * is folded the same way in the message and in what leaves, so it is found as before.
 */
const rows =
  "АаAa ВвBb Сс Cc ЕеEe Ёё Ee Ѕѕ Ss Іі Ii Її Ii Јј Jj Кк Kk Ӏӏ Ll Мм Mm Нн Hh Оо Oo Рр Pp Ԛԛ Qq Тт Tt Уу Yy Үү Yy Хх Xx Һһ Hh Ԝԝ Ww Ԁԁ Dd Ғғ Ff Ѵѵ Vv Ѡѡ Ww Ԍԍ Gg Ъъ Bb Ьь Bb Зз 33 " +
  "Αα Aa Ββ Bb Εε Ee Ζζ Zz Ηη Hn Ιι Ii Κκ Kk Μμ Mu Νν Nv Οο Oo Ρρ Pp Ττ Tt Υυ Yu Χχ Xx Γγ Ty Σσ So Ωω Ow Ϲϲ Cc Ϳϳ Jj ϜϜ FF Δδ Ad " +
  "Ոո Nn Սս Uu Օօ Oo Հհ Hh Տտ Su Լլ Ll Յյ Jj Զզ Qq Գգ Qq Քք Pp Շշ 22 " +
  "ᎪᎪ AA ᏴᏴ BB ᏟᏟ CC ᎠᎠ DD ᎬᎬ EE ᎻᎻ HH ᎫᎫ JJ ᏦᏦ KK ᏞᏞ LL ᎷᎷ MM ᏢᏢ PP ᏒᏒ RR ᏚᏚ SS ᎢᎢ TT ᏙᏙ VV ᏔᏔ WW ᏃᏃ ZZ " +
  "ɡɡ gg ɑɑ aa ɩɩ ii ʏʏ yy ɢɢ gg ʜʜ hh ɪɪ ii ʟʟ ll ɴɴ nn ʀʀ rr ʙʙ bb ɾɾ rr ƽƽ ss Ɩɩ li ƄƄ bb";

const table = new Map<string, string>();
for (const [, from = "", to = ""] of rows.matchAll(/([^\sA-Za-z0-9]{2}) ?([A-Za-z0-9]{2})/g)) {
  table.set(from.charAt(0), to.charAt(0));
  table.set(from.charAt(1), to.charAt(1));
}

/** The Latin letter or digit that a letter looks like, or the letter itself. */
export function latinOf(letter: string): string {
  return table.get(letter) ?? letter;
}
