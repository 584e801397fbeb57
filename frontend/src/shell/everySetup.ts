/** The list of setups without a filter, for a place that only searches it. */
export const everySetup = {
  channel: "",
  auth_type: "",
  provider: "",
  verdict: "",
  place_id: "",
  deleted: false,
  sort: "",
  descending: false,
  after: "",
  enabled_only: false,
};
