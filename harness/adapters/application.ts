export type { Application, ApplicationAnswer, SendAnswer } from '../patterns/application.ts';
