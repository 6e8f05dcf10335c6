/** How much everybody does. */
export const clients = 16;
export const decisionsEach = 100;
export const warmUps = 60;
