/** A source that empties a folder, wherever the folder is: what is steady, what was taken, and what becomes of a file. */
export { fileName, fileNamePattern, fileNamePlaceholders, verifyFileName } from "./file-name.ts";
export { type FolderOptions, folderSource } from "./folder-source.ts";
export { nameMatcher } from "./name-matcher.ts";
export { after, takenFiles, takenPieces, verifyFolders } from "./options.ts";
