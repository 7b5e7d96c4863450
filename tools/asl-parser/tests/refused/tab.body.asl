if a then
	x = 1;
