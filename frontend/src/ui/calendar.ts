/**
 * What every calendar of Mantine is given: names for its buttons, no red weekends, since red is for refusals, and no
 * days of other months, whose grey is below AA contrast.
 */
export const calendarLooks = {
  weekendDays: [],
  hideOutsideDates: true,
  ariaLabels: {
    nextMonth: "Next month",
    previousMonth: "Previous month",
    nextYear: "Next year",
    previousYear: "Previous year",
    nextDecade: "Next decade",
    previousDecade: "Previous decade",
  },
};
