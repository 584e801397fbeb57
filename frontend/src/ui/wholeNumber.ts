/** An input for a whole number that is saved as typed: Go says what is wrong with it, and the page changes nothing. */
export const wholeNumber = {
  allowDecimal: false,
  allowNegative: false,
  hideControls: true,
  clampBehavior: "none",
} as const;
