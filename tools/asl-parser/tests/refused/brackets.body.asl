x = f(a];
y = (a, b;
z = {1, 2);
w = a)
