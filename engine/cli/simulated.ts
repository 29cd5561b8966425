import { EngineError } from "../sdk/index.ts";

/** The partners of the example are simulated by code that lives with the tests, and some of it speaks through libraries that are installed in a clone alone. Rejects with CLI-135 where they are not. */
export async function simulated<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") throw new EngineError("CLI-135", {}, { cause: error });
    throw error;
  }
}
