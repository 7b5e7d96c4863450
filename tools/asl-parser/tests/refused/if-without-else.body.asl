x = if a then b;
y = 1 1;
