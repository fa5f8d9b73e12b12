import { PACKAGE_NAME } from '../support/n8n';
import type { Editor } from './editor';

/** Settings → Community nodes, as an administrator uses it. */
export function communityNodes({ page, open }: Editor) {
	const card = page.getByTestId('community-package-card').filter({ hasText: PACKAGE_NAME });
	const dialog = page.getByRole('dialog').filter({ visible: true });
	const show = async (): Promise<void> => await open('/settings/community-nodes');
	const hasVersion = async (version: string): Promise<void> =>
		await card.getByText(`v${version}`).waitFor();
	return {
		async install(version: string): Promise<void> {
			await show();
			await page.getByRole('button', { name: 'Install' }).first().click();
			await page.getByTestId('package-name-input').fill(PACKAGE_NAME);
			await page.getByTestId('user-agreement-checkbox').click();
			await page.getByTestId('install-community-package-button').click();
			await hasVersion(version);
			await dialog.waitFor({ state: 'hidden' });
		},
		/** To the newest version, which is `version`. */
		async update(version: string): Promise<void> {
			await show();
			await card.getByRole('button', { name: 'Update' }).click();
			await dialog.getByRole('button', { name: 'Confirm update' }).click();
			await hasVersion(version);
		},
		async remove(): Promise<void> {
			await show();
			await card.getByRole('button').last().click();
			await page.getByText('Uninstall package').filter({ visible: true }).click();
			await dialog.getByRole('button', { name: 'Confirm uninstall' }).click();
			await card.waitFor({ state: 'hidden' });
		},
	};
}
