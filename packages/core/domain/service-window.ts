/** Free-form answers are allowed for this long after the customer's last message (Cloud API, 131047). */
export const serviceWindowMs = 24 * 3_600_000;
