/** Lists of words in one string, as the tables hold them. */
export const Tokens = {
  has(list: string, word: string): boolean {
    return word !== "" && !word.includes(" ") && ` ${list} `.includes(` ${word} `);
  },
};
