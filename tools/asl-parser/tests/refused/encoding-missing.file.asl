__instruction I
    __encoding E
        __field a 0 +: 4
    __encoding E
        __instruction_set A64
        __opcode '00000000'
        __opcode '00000000'
        __guard TRUE
        __decode
    __execute
        x = 1;
