import { makeReviewApp } from './review-app.js';

const root = document.createElement('div');
root.className = 'page';
document.body.append(root);
makeReviewApp(root);
