export type ImageType = 'JPEG' | 'PNG';

/** What the bytes of a JPEG or PNG say without being decoded. Sizes in px, as stored: a rotation in EXIF is not applied. */
export type ImageFacts =
	| { kind: 'image'; type: ImageType; width: number; height: number; complete: boolean }
	/** The bytes end before the size. */
	| { kind: 'cut'; type: ImageType }
	/** No decoder reads on from here. */
	| { kind: 'broken'; type: ImageType }
	/** Correct, but common decoders do not read it. */
	| { kind: 'variant'; type: ImageType; variant: string };

/**
 * Segments, chunks and stray bytes that are read at most, a few milliseconds' worth. Real files have a few thousand at most;
 * one with more is called broken.
 */
export const MAX_STEPS = 30_000;
