const font = "system-ui, sans-serif";
Redoc.init(
  "openapi.json",
  {
    expandResponses: "200,201",
    hideDownloadButton: false,
    pathInMiddlePanel: true,
    theme: { typography: { fontFamily: font, headings: { fontFamily: font } } },
  },
  document.getElementById("api"),
);
