export type { Application, ApplicationAnswer, OfferedContent, SendAnswer } from '../patterns/application.ts';
