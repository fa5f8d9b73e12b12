import { version as VERSION } from '../../package.json';
import { OLD_TARBALL, OLD_VERSION } from '../support/oldPackage';
import { startRegistryN8n, type RegistryN8n } from './registryN8n';
import { place } from './shared';
import { openStage, type Stage } from './stage';
import { expectAllEnd, parkAll } from './updating';

let n8n: RegistryN8n;
let stage: Stage;

beforeAll(async () => {
	n8n = await startRegistryN8n();
	for (const tarball of [OLD_TARBALL, place().tarball]) await n8n.registry.publish(tarball);
}, 300_000);
afterAll(async () => {
	await stage?.close();
	await n8n.close();
});

it(`what ${OLD_VERSION} has parked ends with tasks after n8n's own update and a restart`, async () => {
	await n8n.install(OLD_VERSION);
	stage = await openStage();
	const parked = await parkAll(stage);
	await n8n.update(VERSION);
	await n8n.restart();
	expect(await n8n.installed()).toBe(VERSION);
	await stage.api.logIn(place().owner);
	await expectAllEnd(stage, parked, `Parked by ${OLD_VERSION}, woken by ${VERSION}`);
}, 300_000);
