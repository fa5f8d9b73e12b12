// n8n loads the files named under "n8n" in package.json, never this one.
module.exports = {};
