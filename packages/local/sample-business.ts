/** The business that the simulator's customers write to. The number is fictitious. */
export const sampleBusiness = {
  businessName: "Café Hilo",
  phoneNumberId: "1065550123000001",
  displayPhoneNumber: "15550100001",
  businessAccountId: "2045550123000001",
};
