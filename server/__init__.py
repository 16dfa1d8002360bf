"""The server: switch, contact center, Salesforce and the browser's connectors."""
