// The choice above both doors.

const choice = () => document.querySelector("[data-spoken-language]");

/** The code of the language that is spoken, "" where it is to be found. */
export const spokenLanguage = () => choice().value;

/** Hold the choice while it can change nothing any more. */
export function holdSpokenLanguage(isHeld) {
  choice().disabled = isHeld;
}
