export * from '@choir/client';
