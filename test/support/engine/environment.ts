/** A developer's own KLING_* and N8N_* settings must not change what the tests see. */
for (const name of Object.keys(process.env)) {
	if (name.startsWith('KLING_') || name.startsWith('N8N_')) delete process.env[name];
}
