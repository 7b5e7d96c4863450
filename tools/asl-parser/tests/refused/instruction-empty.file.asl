__instruction I
__instruction J
    __execute
        x = 1;
__instruction K
    __encoding E
        __instruction_set A64
        __opcode '00000000'
        __guard TRUE
        __decode
