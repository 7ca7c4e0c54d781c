/** Somebody invented, as drawn documents name them. */
export const HOLDER = {
  surname: 'Núñez',
  givenNames: 'María José',
  placeOfBirth: 'NORDVIK',
  issuer: 'UTO',
  nationality: 'UTO',
  documentNumber: 'JP6013068',
  sex: 'F',
  dateOfBirth: '1994-03-17',
  expiresOn: '2033-03-24',
} as const;
