import { version as VERSION } from '../../package.json';
import { startRegistryN8n, type RegistryN8n } from '../e2e/registryN8n';
import { place } from '../e2e/shared';
import { openStage, type Stage } from '../e2e/stage';
import { expectAllEnd, parkAll } from '../e2e/updating';
import { PACKAGE_NAME } from '../support/n8n';
import { OLD_TARBALL, OLD_VERSION } from '../support/oldPackage';

let n8n: RegistryN8n;
let stage: Stage;

beforeAll(async () => {
	n8n = await startRegistryN8n({ N8N_UNVERIFIED_PACKAGES_ENABLED: 'true' });
	for (const tarball of [OLD_TARBALL, place().tarball]) await n8n.registry.publish(tarball);
	await n8n.install(VERSION);
	stage = await openStage();
}, 300_000);
afterAll(async () => {
	await stage?.close();
	await n8n.close();
});

const names = async (): Promise<string[]> =>
	(await n8n.api.nodeTypes())
		.map(({ name }) => name)
		.filter((name) => name.startsWith(`${PACKAGE_NAME}.`));

it(`what ${VERSION} has parked ends with tasks after a downgrade to ${OLD_VERSION}`, async () => {
	const parked = await parkAll(stage);
	await n8n.update(OLD_VERSION);
	await n8n.restart();
	await stage.api.logIn(place().owner);
	expect(await n8n.installed()).toBe(OLD_VERSION);
	await expectAllEnd(stage, parked, `Parked by ${VERSION}, woken by ${OLD_VERSION}`);
	await n8n.update(VERSION);
}, 300_000);

it('without unverified packages an installed one stays and works, and no version of it can be installed', async () => {
	const before = await names();
	const parked = await parkAll(stage);
	await n8n.restart({ N8N_UNVERIFIED_PACKAGES_ENABLED: 'false' });
	await stage.api.logIn(place().owner);
	const now = await names();
	console.log(
		`N8N_UNVERIFIED_PACKAGES_ENABLED=false: ${now.length} of ${before.length} node types`,
	);
	expect(now).toEqual(before);
	await expect(n8n.update(OLD_VERSION)).rejects.toThrow(/unverified|not verified/i);
	await expectAllEnd(stage, parked, 'Woken without unverified packages', 9);
}, 300_000);
