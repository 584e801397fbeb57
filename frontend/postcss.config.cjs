module.exports = {
  plugins: {
    "postcss-preset-mantine": {},
    "postcss-simple-vars": {
      variables: {
        // 1200 px: below it the live pane becomes a tab beside the form (ui.md).
        "breakpoint-pane": "75em",
      },
    },
  },
};
