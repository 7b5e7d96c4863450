x = a $ b;
y = a é;
z = `;
