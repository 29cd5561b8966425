/** Numeric references and those named ones of HTML that stand for a letter or part one: `&#74;`, `&#x4a;`, `&eacute;`, `&nbsp;`. */
export function unentity(text: string): string | undefined {
  if (!text.includes("&")) return undefined;
  const read = text.replace(/&(?:#(x[0-9a-f]{1,6}|[0-9]{1,7})|([A-Za-z]{2,12}));?/gi, (whole, n?: string, name = "") => {
    if (n === undefined) return named(name) ?? whole;
    const point = /^x/i.test(n) ? Number.parseInt(n.slice(1), 16) : Number(n);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
  return read === text ? undefined : read;
}

function named(name: string): string | undefined {
  const letter = /^([A-Za-z])(?:acute|grave|circ|uml|tilde|cedil|ring|caron|slash|ogon|strok|dot|breve|macr|dblac)$/.exec(name)?.[1];
  return letter ?? others[name];
}

/** What parts letters becomes a space, what nobody sees becomes nothing. */
const others: Readonly<Record<string, string>> = {
  amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", ensp: " ", emsp: " ", thinsp: " ", Tab: " ", NewLine: "\n", shy: "", zwj: "", zwnj: "", lrm: "", rlm: "",
  szlig: "ss", AElig: "AE", aelig: "ae", OElig: "OE", oelig: "oe", ETH: "D", eth: "d", THORN: "Th", thorn: "th", imath: "i", inodot: "i", Lstrok: "L", lstrok: "l",
  commat: "@", period: ".", comma: ",", colon: ":", semi: ";", sol: "/", bsol: "\\", num: "#", lowbar: "_", hyphen: "-", dash: "-", ndash: "-", mdash: "-",
  lpar: "(", rpar: ")", percnt: "%", plus: "+", equals: "=", lsquo: "'", rsquo: "'", ldquo: '"', rdquo: '"', middot: ".", bull: " ",
};
