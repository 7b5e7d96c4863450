// multiple.asl - loads and stores of several registers. SPDX-License-Identifier: MIT
//
// A store that faults in the middle leaves what it has stored; a load that does
// leaves no register changed.

// How many registers
bits(5) Count(bits(32) registers)
    bits(32) n = BitCount(registers);
    return n<4:0>;

// The lowest register is at the lowest address. Register `base` becomes `back`
// if there is write-back; what is loaded counts where it is in the list.
LoadMultiple(bits(32) address, bits(32) registers, integer last, bit withpc,
             integer base, bit W, bits(32) back)
    bits(512) data;
    for e = 0 to UInt(Count(registers)) - 1 do
        Elem[data, e, 32] = Mem[address + 4 * e, 4, Aligned];
    if W == '1' then R[base] = back;
    bits(4) n = Zeros(4);
    for t = 0 to last do
        if registers<t> == '1' then
            R[t] = Elem[data, UInt(n), 32];
            n = n + 1;
    if withpc == '1' then BXWritePC(Elem[data, UInt(n), 32]);

StoreMultiple(bits(32) address, bits(32) registers, integer last)
    bits(512) data;
    Elem[data, 15, 32] = Zeros(32);
    bits(4) n = Zeros(4);
    for t = 0 to last do
        if registers<t> == '1' then
            Elem[data, UInt(n), 32] = R[t];
            n = n + 1;
    for e = 0 to UInt(Count(registers)) - 1 do
        Mem[address + 4 * e, 4, Aligned] = Elem[data, e, 32];

bits(32) Size(bits(32) registers)
    return ZeroExtend(Count(registers):'00', 32);

// ---- 16 bits ----

__instruction LDM_16
    __encoding LDM_16
        __layout T16 '11001' Rn:3 list:8
        __decode
            if list == '00000000' then UNPREDICTABLE;
    __execute
        bits(32) registers = ZeroExtend(whole16('00000000':list), 32);
        bits(32) base = R[UInt(Rn)];
        LoadMultiple(base, registers, 7, '0', UInt(Rn), '1', base + Size(registers));

__instruction STM_16
    __encoding STM_16
        __layout T16 '11000' Rn:3 list:8
        __decode
            if list == '00000000' then UNPREDICTABLE;
    __execute
        bits(32) registers = ZeroExtend(whole16('00000000':list), 32);
        bits(32) base = R[UInt(Rn)];
        R[UInt(Rn)] = base + Size(registers);
        StoreMultiple(base, registers, 7);

__instruction PUSH_16
    __encoding PUSH_16
        __layout T16 '1011010' withlr:1 list:8
        __decode
            if withlr:list == '000000000' then UNPREDICTABLE;
    __execute
        bits(32) registers = ZeroExtend(whole16('0':withlr:'000000':list), 32);
        bits(32) address = SP[] - Size(registers);
        SP[] = address;
        StoreMultiple(address, registers, 14);

__instruction POP_16
    __encoding POP_16
        __layout T16 '1011110' withpc:1 list:8
        __decode
            if withpc == '0' && list == '00000000' then UNPREDICTABLE;
    __execute
        bits(32) registers = ZeroExtend(whole16(withpc:'0000000':list), 32);
        bits(32) address = SP[];
        LoadMultiple(address, registers, 7, withpc, 13, '1', address + Size(registers));

// ---- 32 bits: increment after, decrement before ----

__instruction LDM
    __encoding LDM
        __layout T32 '1110100' db:1 ia:1 '0' W:1 '1' Rn:4 withpc:1 withlr:1 '0' list:13
        __decode
            if db == ia then UNDEFINED;
            if Rn == '1111' then UNPREDICTABLE;
            if withpc == '0' && withlr:list == '00000000000000' then UNPREDICTABLE;
    __execute
        bits(32) registers = ZeroExtend(whole16(withpc:withlr:'0':list), 32);
        if W == '1' && LSR(registers, UInt(Rn))<0> == '1' then UNPREDICTABLE;
        bits(32) base = R[UInt(Rn)];
        bits(32) end = if db == '1' then base - Size(registers) else base + Size(registers);
        LoadMultiple(if db == '1' then end else base, registers, 14, withpc, UInt(Rn), W, end);

__instruction STM
    __encoding STM
        __layout T32 '1110100' db:1 ia:1 '0' W:1 '0' Rn:4 '0' withlr:1 '0' list:13
        __decode
            if db == ia then UNDEFINED;
            if Rn == '1111' then UNPREDICTABLE;
            if withlr:list == '00000000000000' then UNPREDICTABLE;
    __execute
        bits(32) registers = ZeroExtend(whole16('0':withlr:'0':list), 32);
        if W == '1' && LSR(registers, UInt(Rn))<0> == '1' then UNPREDICTABLE;
        bits(32) base = R[UInt(Rn)];
        bits(32) end = if db == '1' then base - Size(registers) else base + Size(registers);
        if W == '1' then R[UInt(Rn)] = end;
        StoreMultiple(if db == '1' then end else base, registers, 14);
