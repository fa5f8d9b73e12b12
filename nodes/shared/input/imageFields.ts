export { pictureFields as imageFields } from './image';
