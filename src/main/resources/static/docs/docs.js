// Shows the contract. Nothing is asked of any other site; requests that are tried carry the key that is entered, or the session of the dashboard.
window.SwaggerUIBundle({
  url: '/api/openapi.yaml',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
  displayRequestDuration: true
});
