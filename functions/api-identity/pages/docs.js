// The token that is typed in stays in the page: nothing is kept by the browser.
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#api",
  docExpansion: "none",
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: false,
  queryConfigEnabled: false,
  validatorUrl: null,
});
