import axios from 'axios';

import { elementIdOf, startKling, type Kling } from '../../kling';

let kling: Kling;
beforeAll(async () => {
	kling = await startKling();
});
beforeEach(() => kling.reset());
afterAll(async () => await kling.close());

/** The answer's text, since parsed as JSON the ids would lose their last digits. */
async function ask(method: string, path = '', body?: object): Promise<string> {
	const answer = await axios.request<string>({
		method,
		url: `${kling.baseUrl}/v1/general/advanced-custom-elements${path}`,
		data: body,
		headers: { authorization: `Bearer ${kling.apiKey}` },
		responseType: 'text',
		transformResponse: (text: string) => text,
		validateStatus: () => true,
	});
	return answer.data;
}

const body = (element_name: string, images: number): Record<string, unknown> => {
	const picture = kling.pictureUrl('test/fixtures/product.png');
	const refer_images = Array.from({ length: images }, () => ({ image_url: picture }));
	return {
		element_name,
		element_description: 'A red sneaker',
		reference_type: 'image_refer',
		element_image_list: { frontal_image: picture, refer_images },
	};
};

it('an element is a long on the wire, by its own id and in the list', async () => {
	const sent = { ...body('Sneaker', 1), external_task_id: 'a' };
	expect(await ask('POST', '', sent)).toContain('"submitted"');
	expect(await ask('POST', '', sent)).toContain('already exists');
	const [made] = kling.elements;
	if (!made) throw new Error('No element');
	expect(await ask('GET', `/${made.task_id}`)).not.toContain('element_id');
	await kling.move(made.task_id, 'succeed');
	const id = elementIdOf(made);
	expect(Number(id)).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
	for (const path of [`/${made.task_id}`, ''])
		expect(await ask('GET', path)).toContain(`"element_id":${id},`);
	expect(kling.counters.tasksCharged).toBe(0);
});

it.each([
	['no view', 'Sneaker', 0],
	['four views', 'Sneaker', 4],
	['a name of 21 signs', 'S'.repeat(21), 1],
])('%s is refused', async (_name, elementName, images) => {
	expect(await ask('POST', '', body(elementName, images))).toContain('"code":1201');
	expect(kling.elements).toEqual([]);
});
