__builtin integer f(integer x)
    return 1;
