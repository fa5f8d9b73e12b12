import { checkKeys, isObject, optionalCallbackUrl, optionalText, parsedObject } from '../body';
import { KlingError } from '../errors';

type Body = Readonly<Record<string, unknown>>;

/** URLs, or base64 before the images were read. */
export interface ElementImages {
	readonly frontal_image: string;
	readonly refer_images: ReadonlyArray<{ readonly image_url: string }>;
}

export interface ElementFields {
	readonly element_name: string;
	readonly element_description: string;
	readonly reference_type: 'image_refer';
	readonly element_image_list: ElementImages;
	readonly element_voice_id: string | undefined;
	/** Keys of {@link TAGS}. */
	readonly tags: readonly string[];
}

export interface ElementParameters {
	fields: ElementFields;
	callback_url: string | undefined;
	external_task_id: string | undefined;
}

export const TAGS: Readonly<Record<string, string>> = {
	o_101: 'Hottest',
	o_102: 'Character',
	o_103: 'Animal',
	o_104: 'Item',
	o_105: 'Costume',
	o_106: 'Scene',
	o_107: 'Effect',
	o_108: 'Others',
};

const KEYS: ReadonlySet<string> = new Set([
	'element_name',
	'element_description',
	'reference_type',
	'element_image_list',
	'element_voice_id',
	'tag_list',
	'callback_url',
	'external_task_id',
]);

/** Throws 1200 for what is missing and 1201 for what is wrong. */
export function elementParameters(text: string): ElementParameters {
	const body = parsedObject(text);
	checkKeys(body, KEYS);
	return {
		fields: {
			element_name: requiredText(body, 'element_name', 20),
			element_description: requiredText(body, 'element_description', 100),
			reference_type: referenceType(body),
			element_image_list: images(body.element_image_list),
			element_voice_id: optionalText(body, 'element_voice_id'),
			tags: tags(body.tag_list),
		},
		callback_url: optionalCallbackUrl(body),
		external_task_id: optionalText(body, 'external_task_id'),
	};
}

function requiredText(body: Body, name: string, maxCharacters: number): string {
	const value = optionalText(body, name);
	if (value === undefined) throw new KlingError(1200, `${name} is required`);
	if ([...value].length <= maxCharacters) return value;
	throw new KlingError(1201, `${name} must be at most ${maxCharacters} characters`);
}

function referenceType(body: Body): 'image_refer' {
	const value = optionalText(body, 'reference_type');
	if (value === undefined) throw new KlingError(1200, 'reference_type is required');
	if (value === 'image_refer') return value;
	const reason =
		value === 'video_refer' ? 'this local Kling makes no elements of videos' : 'invalid';
	throw new KlingError(1201, `reference_type ${value}: ${reason}`);
}

function images(list: unknown): ElementImages {
	if (list === undefined) throw new KlingError(1200, 'element_image_list is required');
	if (!isObject(list)) throw new KlingError(1201, 'element_image_list must be an object');
	checkKeys(list, new Set(['frontal_image', 'refer_images']));
	const frontal_image = optionalText(list, 'frontal_image');
	if (frontal_image === undefined) throw new KlingError(1200, 'frontal_image is required');
	const { refer_images } = list;
	if (!Array.isArray(refer_images) || refer_images.length < 1 || refer_images.length > 3) {
		throw new KlingError(1201, 'refer images must be between 1 and 3');
	}
	return { frontal_image, refer_images: refer_images.map(referImage) };
}

function referImage(image: unknown): { image_url: string } {
	if (!isObject(image)) throw new KlingError(1201, 'refer_images must be objects');
	checkKeys(image, new Set(['image_url']));
	const image_url = optionalText(image, 'image_url');
	if (image_url === undefined) throw new KlingError(1200, 'image_url is required');
	return { image_url };
}

function tags(list: unknown): string[] {
	if (list === undefined) return [];
	if (!Array.isArray(list)) throw new KlingError(1201, 'tag_list must be an array');
	return list.map((tag: unknown) => {
		const id = isObject(tag) ? tag.tag_id : undefined;
		if (typeof id === 'string' && Object.hasOwn(TAGS, id)) return id;
		throw new KlingError(1201, `Unknown tag: ${JSON.stringify(tag)}`);
	});
}
