x = f("abc);
y = 1 1;
z = "
