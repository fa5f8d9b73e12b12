// Loaded into n8n: at SIGUSR2 collects garbage and writes down what is left.
const { writeFileSync } = require('node:fs');

process.on('SIGUSR2', () => {
	global.gc();
	global.gc();
	writeFileSync(process.env.BENCH_MEMORY_FILE, JSON.stringify(process.memoryUsage()));
});
