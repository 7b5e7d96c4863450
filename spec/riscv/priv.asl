// priv.asl - cache blocks and privileged instructions. SPDX-License-Identifier: MIT

// rv_zicbo
cbo.clean       (rs1)
cbo.flush       (rs1)
cbo.inval       (rs1)
cbo.zero        (rs1)
prefetch.i      line(rs1)
prefetch.r      line(rs1)
prefetch.w      line(rs1)

// rv_system
mret            -
wfi             -

// rv_s
sfence.vma      rs1, rs2
sret            -

// rv_svinval
sinval.vma      rs1, rs2
sfence.w.inval  -
sfence.inval.ir -
