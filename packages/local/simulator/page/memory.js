// Which customer was shown last, for as long as this tab is open.

export const remembered = () => {
  try {
    return sessionStorage.getItem("customer") ?? undefined;
  } catch {
    return undefined;
  }
};

/** @param {string} id */
export const remember = (id) => {
  try {
    sessionStorage.setItem("customer", id);
  } catch {
    // Not to be remembered is no loss.
  }
};
