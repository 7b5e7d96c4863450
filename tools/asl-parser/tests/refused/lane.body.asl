lane = 1;
lane x = 1
lane h Vd = 1;
