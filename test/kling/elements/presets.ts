import type { ElementFields } from './body';

interface Preset extends ElementFields {
	readonly element_id: string;
	/** Unix ms. */
	readonly created_at: number;
}

const FRONT = 'https://presets.example/front.png';

/** Stand-ins for Kling's own elements, which nobody can delete. */
export const PRESETS: readonly Preset[] = [
	preset('700000000000000101', 'Astronaut', 'A person in a white space suit', 'o_102'),
	preset('700000000000000103', 'Corgi', 'A small dog with short legs', 'o_103'),
	preset('700000000000000105', 'Night market', 'A street with food stalls and lanterns', 'o_106'),
];

function preset(element_id: string, name: string, description: string, tag: string): Preset {
	return {
		element_id,
		created_at: Date.UTC(2026, 0, 1),
		element_name: name,
		element_description: description,
		reference_type: 'image_refer',
		element_image_list: { frontal_image: FRONT, refer_images: [{ image_url: FRONT }] },
		element_voice_id: undefined,
		tags: [tag],
	};
}
