x = -a ^ b;
x = a ^ b ^ c;
