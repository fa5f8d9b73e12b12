import { imageSize } from 'image-size';

/** Type and size in px of a picture, by its bytes; undefined where they are none that the library knows. */
export function measure(bytes: Uint8Array): ReturnType<typeof imageSize> | undefined {
	try {
		// A copy: of a slice the library reads on into what lies behind it.
		return imageSize(new Uint8Array(bytes));
	} catch {
		return undefined;
	}
}
