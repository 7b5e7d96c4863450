integer lane = 1;
/*	a tab here is no matter */	x = 1;
y = f(1,	2);
