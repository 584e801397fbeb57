module.exports = {
  plugins: {
    "postcss-preset-mantine": {},
    "postcss-simple-vars": {
      variables: {
        // 1200 px: below this width the live request is a tab of the form (UI.md, Looks).
        "breakpoint-pane": "75em",
      },
    },
  },
};
