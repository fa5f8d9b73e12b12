import { useEditorStage } from './editorStage';

/** Down to the keys: the address of the local Kling stays out of the screenshots. */
const SHOWN_HEIGHT = 680;

const given = useEditorStage();

it('a credential added by hand is tested when it is saved: a wrong key fails with advice', async () => {
	const { page, open, choose, shoot } = given.editor;
	const { accessKey, secretKey, baseUrl } = given.stage.kling;
	await open('/home/credentials/create');
	const type = page.getByTestId('new-credential-type-select');
	await type.locator('input').fill('kling');
	await page.getByTestId('new-credential-type-select-option').getByText('Kling API').click();
	await page.getByTestId('new-credential-type-button').click();

	const modal = page.getByTestId('editCredential-modal');
	const field = (name: string) => modal.getByTestId(`parameter-input-${name}`);
	const save = async (key: string): Promise<void> => {
		await field('secretKey').locator('input').fill(key);
		await modal.getByTestId('credential-save-button').click();
	};
	await field('region').click();
	await choose('Custom');
	await field('baseUrl').locator('input').fill(baseUrl);
	await field('accessKey').locator('input').fill(accessKey);
	await save('sk_of_another_account');
	await modal.getByText('More details').click();
	const advice = 'Check the keys in the Kling API credential and its Region';
	await modal.getByText(advice).waitFor();
	await shoot('credential-refused', SHOWN_HEIGHT);

	await save(secretKey);
	await modal.getByText('Connection tested successfully').waitFor();
	await shoot('credential', SHOWN_HEIGHT);
	const statuses = given.stage.kling.requests.map(({ status }) => status);
	expect([statuses[0], statuses.at(-1)]).toEqual([401, 200]);
}, 180_000);
