// The settings of orval. Lists are written with commas.
module.exports = {
  gazette: {
    input: { target: "./openapi.json" },
    output: { target: "./orval/api.ts", client: "fetch", mode: "single", override: { fetch: { explode: false } } },
  },
};
