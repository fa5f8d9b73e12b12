import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import {
	capacityTimeout,
	externalIdOptions,
	maxConcurrent,
	maxNewTasks,
} from '../../../shared/creating/options';
import { checkImageUrl, imageFields } from '../../../shared/input/imageFields';
import { optionsField } from '../../../shared/input/options';
import { taskLocator } from '../../../shared/input/taskId';
import { filledByModel } from '../../../shared/input/tool';
import { timeout } from '../../../shared/waiting/settings';
import { tagsField } from '../tags';
import { MAX_DESCRIPTION, MAX_NAME } from './limitedText';

const from: INodeProperties = {
	displayName: 'From',
	name: 'from',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Images',
			value: 'images',
			description: 'A front image and one to three other images of the same product or person',
		},
		{
			name: 'Views',
			value: 'views',
			description: 'A finished task of Kling AI Multi-Shot, and its front image',
		},
	],
	default: 'views',
	description: 'What the element is created from',
};

const set: INodeProperties = {
	displayName: 'Set',
	name: 'set',
	type: 'options',
	options: [
		{ name: '1', value: '1' },
		{ name: '2', value: '2' },
		{ name: '3', value: '3' },
		{ name: 'All', value: 'all', description: 'Three elements, whose names end in 1, 2 and 3' },
	],
	default: '1',
	description:
		'Which three of the nine views the element is created from. Items that name the same task and set give one element.',
};

const references: INodeProperties[] = [
	{
		displayName: 'Reference Source',
		name: 'referenceSource',
		type: 'options',
		options: [
			{
				name: 'Binary Files',
				value: 'binary',
				description: 'Files that an earlier node has read or downloaded',
			},
			{
				name: 'URLs',
				value: 'url',
				description: 'Public addresses that Kling fetches the images from',
			},
		],
		default: 'url',
		description: 'Where the other images come from',
	},
	...filledByModel(
		{
			displayName: 'Reference Image URLs',
			name: 'referenceUrls',
			type: 'string',
			typeOptions: { rows: 3 },
			required: true,
			default: '',
			placeholder: 'e.g. https://example.com/left.jpg, https://example.com/right.jpg',
			displayOptions: { show: { referenceSource: ['url'] } },
			description:
				'One to three addresses of other images of the same product or person, separated by commas or line breaks, or a list by an expression',
		},
		'Reference_Image_URLs',
		'One to three public addresses of other images of the same product or person, beginning with https://, separated by commas.',
	),
	{
		displayName: 'Reference Binary Fields',
		name: 'referenceBinaryFields',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. left,right',
		hint: 'The names of one to three input fields that hold image files, separated by commas',
		displayOptions: { show: { referenceSource: ['binary'] } },
		description: 'Other images of the same product or person',
	},
];

const nameFields: INodeProperties[] = [
	...filledByModel(
		{
			displayName: 'Name',
			name: 'elementName',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. Red sneaker',
			description: `The element's name in Kling's library, at most ${MAX_NAME} characters. Names need not be unique.`,
		},
		'Name',
		`A short name of the product or person, at most ${MAX_NAME} characters.`,
	),
	...filledByModel(
		{
			displayName: 'Description',
			name: 'elementDescription',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. A red sneaker with a white sole',
			description: `What the product or person looks like, at most ${MAX_DESCRIPTION} characters`,
		},
		'Description',
		`What the product or person looks like, at most ${MAX_DESCRIPTION} characters.`,
	),
];

const waitForCompletion: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	noDataExpression: true,
	default: true,
	description:
		'Whether to wait until Kling has created the element, which takes from 5 seconds to a few minutes, and output its element_id. Off: outputs the task at once, for Get Element.',
};

const elementTimeout: INodeProperties = {
	...timeout,
	description:
		'How long to wait for each element, 1 to 86,400 seconds. After that, Kling continues: read it with Get Element.',
	displayOptions: { show: { '/waitForCompletion': [true] } },
};

/** In the order of the panel. */
export const createFields: INodeProperties[] = [
	from,
	...updateDisplayOptions({ show: { from: ['views'] } }, [
		...taskLocator({
			description:
				'The finished task of Kling AI Multi-Shot whose views to use. IDs are text: as numbers, they lose their last digits.',
			hint: 'The task_id that Kling AI Multi-Shot has output',
			externalHint: 'The External Task ID that Create Task was given',
			searchListMethod: 'searchTasks',
		}),
		set,
	]),
	...imageFields('the front image of the product or person', '={{ $json.front_image_url }}'),
	...updateDisplayOptions({ show: { from: ['images'] } }, references),
	...nameFields,
	tagsField,
	waitForCompletion,
	optionsField([
		checkImageUrl,
		...externalIdOptions(
			'sneaker-42',
			'Without it, From Views uses an ID made of the task and set: if you run it again, you get the same element. From Images uses an ID that is valid within one execution. With the set All, the number of the set is added to your ID.',
		),
		maxConcurrent,
		maxNewTasks,
		capacityTimeout,
		elementTimeout,
	]),
];
